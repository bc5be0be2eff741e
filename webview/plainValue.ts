// Values of the program as one short line, where the host did not write the line already.
import type { Value } from './contract.ts';
import { cut } from './format.ts';
import { t } from './texts.ts';

export function isRedacted(value: Value | undefined): boolean {
  return typeof value === 'object' && value !== null && value.$type === 'truncated' && value.why === 'redacted';
}

export function contextValue(value: Value | undefined): string {
  if (value === undefined) return t('not known');
  if (typeof value !== 'object' || value === null) return cut(String(value), 120);
  if (isRedacted(value)) return t('redacted at source');
  if ('value' in value && typeof value.value === 'string') return cut(value.value, 120);
  return value.$type;
}
