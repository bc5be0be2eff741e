// Memory of a process as a snapshot, read from outside or from a core file.
export { isCheckpoint, openCheckpoint } from './checkpoint/checkpointFile.ts';
export { binaryOfCore, isCoreFile, readCoreFile } from './coreFile.ts';
export { InsideMemory } from './insideMemory.ts';
export { MemoryCapture } from './memoryCapture.ts';
export type { MemoryTarget } from './memoryCapture.ts';
export { openMemory } from './openMemory.ts';
export { memoryReading } from './reach.ts';
export type { MemoryTargetOpened } from './openMemory.ts';
