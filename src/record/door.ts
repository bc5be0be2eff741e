// The one thing recording needs of an attachment: to send to the process and to know its scripts.
import { Failure, type Work } from '../model/index.ts';
import type { Attachment } from '../acquire/index.ts';

export type Door = Pick<Attachment, 'send' | 'scripts'>;

interface Evaluated {
  readonly result: { readonly value?: unknown };
  readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } };
}

/** @throws Failure `probe-failed` where the expression throws in the process */
export async function evaluate<T>(door: Door, expression: string, work: Work): Promise<T> {
  const { result, exceptionDetails } = await door.send<Evaluated>(
    'Runtime.evaluate',
    { expression, returnByValue: true, silent: true },
    work,
  );
  if (exceptionDetails)
    throw new Failure(
      'probe-failed',
      `The recording in the process failed: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`,
      'Attach again; the process itself is unharmed.',
    );
  return result.value as T;
}
