// Memory holds passwords. Attributes whose names say so are redacted before their values reach any store.
import type { WorkspaceFile } from './workspaceFile.ts';

// Whole words of a name split at case and separators, so that `tokenCount` of a lexer or `passengerId` stays readable.
const SECRET =
  /(^|_)(passwords?|passwd|pwd|passphrase|secrets?|tokens?|api_?keys?|private_?keys?|access_?keys?|client_?secrets?|credentials?|authorization|cookies?|session_?ids?|jwt|bearer|otp|pin|cvv|cvc|ssn|iban|card_?numbers?|pan|salt|hash(ed)?_?passwords?|password_?hash)($|_)/;
const HARMLESS = /(^|_)(count|length|type|kind|name|expires?|expiry|valid|status|state)$/;

/** `passwordHash`, `API_KEY`, `#cardNumber` look like secrets; `tokenCount` does not. */
export function looksSecret(name: string): boolean {
  const words = name
    .replace(/^[#_@$]+/, '')
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replace(/[^A-Za-z\d]+/g, '_')
    .toLowerCase();
  return SECRET.test(words) && !HARMLESS.test(words);
}

function matches(pattern: string, entity: string, attribute: string): boolean {
  const text = pattern.includes('.') ? `${entity}.${attribute}` : attribute;
  const source = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`).test(text);
}

/** Whether a value of this attribute must not be kept: the workspace file decides first, then its name. */
export function isSecret(entity: string, attribute: string, file: WorkspaceFile = {}): boolean {
  const override = file.entities && Object.hasOwn(file.entities, entity) ? file.entities[entity] : undefined;
  if ([...(file.redact ?? []), ...(override?.redact ?? [])].some((p) => matches(p, entity, attribute))) return true;
  if (file.reveal?.some((p) => matches(p, entity, attribute))) return false;
  return looksSecret(attribute);
}
