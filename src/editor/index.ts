// VS Code: commands, pickers, the host of the panel, documents. A relay: it speaks DAP to the adapter and runs the command line;
// it knows no heaps, no stores and no containers.
export { activate } from './activate.ts';
