// Entry of the extension host. Everything is in the editor's room; the adapter and the command line are processes of their own.
export { activate } from './editor/index.ts';
