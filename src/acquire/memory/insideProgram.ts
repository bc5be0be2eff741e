// The reader of a container's memory as one text for the container's own Node.js: its parts are functions that name nothing outside.
import { createElf } from './elf.ts';
import { type InsideOptions, readInside } from './insideReader.ts';
import { createPages } from './processMaps.ts';
import { createStillness, WAITING_CALLS } from './stillness.ts';

export function insideProgram(options: InsideOptions): string {
  const parts = [
    `const fs=require('fs')`,
    `const elf=(${createElf.toString()})(fs)`,
    `const pages=(${createPages.toString()})(fs)`,
    `const still=(${createStillness.toString()})(fs,process.arch,${JSON.stringify(WAITING_CALLS)})`,
    `const read=${readInside.toString()}`,
    `read(fs,require('child_process'),process,elf,pages,still,${JSON.stringify(options)})` +
      `.then(()=>process.exit(0),(e)=>{process.stderr.write(String(e&&e.stack||e));process.exit(1)})`,
  ];
  return `${parts.join(';')};`;
}
