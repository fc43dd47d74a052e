"""Jupyter kernels that are forked from one clean process in which the imports are done already.

Most of the time of a short notebook is spent before its first line of work: a new interpreter, and
the import of pandas and matplotlib. Here one process, the zygote, imports them once and then forks
a kernel for each notebook that asks. Everything else stays as it is: one operating-system process
a notebook, the ordinary ipykernel, Jupyter's protocol, papermill or nbclient as the client.

Two plug-ins, each useful alone:

- the kernel provisioner `forked` (`provisioner.ForkedProvisioner`), which falls back to an
  ordinary kernel by itself and says why, once;
- the papermill engine `prompt` (`engine.PromptEngine`), which waits for events, not for fixed
  times.

`zygote.zygote(...)` starts the process that both of them look for. This package knows nothing of
the one around it: it may be moved out as it stands.
"""
