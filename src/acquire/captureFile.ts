// A snapshot as a file: private to its user, there only once it is whole.
import { open, rename, rm } from 'node:fs/promises';
import type { Work } from '../model/index.ts';
import type { CaptureOptions, CaptureResult, HeapCapture } from './capture.ts';

const OWNER_ONLY = 0o600;

/**
 * Writes beside `file` and renames at the end; whatever goes wrong, nothing stays.
 * @throws Failure of the capture, and what the file system says
 */
export async function captureToFile(
  heap: HeapCapture,
  file: string,
  options: CaptureOptions,
  work: Work,
): Promise<CaptureResult> {
  const partial = `${file}.partial`;
  const handle = await open(partial, 'w', OWNER_ONLY);
  try {
    let result: CaptureResult;
    try {
      result = await heap.capture(async (chunk) => void (await handle.writeFile(chunk)), options, work);
    } finally {
      await handle.close();
    }
    await rename(partial, file);
    return result;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
