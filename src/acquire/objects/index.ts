// The objects of a process, walked through its inspector.
export { ObjectsCapture } from './objectsCapture.ts';
