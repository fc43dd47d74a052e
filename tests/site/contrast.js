// The pieces of text of a page that stand out too little from what is painted behind them.
() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

  /** Paint colours over each other, the first below, and read what is seen. */
  function painted(colours) {
    for (const colour of ["#fff", ...colours]) {
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
    }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  }

  function luminance(colour) {
    const [red, green, blue] = colour.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  /** The grounds of an element and of all around it, the outermost first. */
  function grounds(element) {
    const own = getComputedStyle(element).backgroundColor;
    return element.parentElement ? [...grounds(element.parentElement), own] : [own];
  }

  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (!text || !element.checkVisibility({ visibilityProperty: true })) continue;
    const behind = grounds(element);
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ends = [painted(behind), painted([...behind, style.color])].map(luminance);
    const ratio = (Math.max(...ends) + 0.05) / (Math.min(...ends) + 0.05);
    if (ratio < (large ? 3 : 4.5)) found.push(`${ratio.toFixed(2)}: ${text.slice(0, 60)}`);
  }
  return found;
}
