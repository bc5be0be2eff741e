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
  /** Throws when the caller wants the work to end. */
  checkCancelled(): void;
}
