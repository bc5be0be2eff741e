// The only way this room sees files: whoever calls reads them. Paths are absolute with forward slashes.
export interface SourceHost {
  readFile(path: string): string | undefined;
  fileExists(path: string): boolean;
  directoryExists(path: string): boolean;
  /** Names in a directory, without `.` and `..`; empty where it cannot be read. */
  entries(path: string): readonly { readonly name: string; readonly directory: boolean }[];
  realpath(path: string): string;
  /** Directory with TypeScript's own `lib.*.d.ts`. */
  readonly libraries: string;
  /** True where every file is the program's own source, whatever its directory is called: nothing is left out as built or generated. */
  readonly isAllSource?: true;
  /** Throws when the caller wants the work to end. */
  checkCancelled(): void;
}
