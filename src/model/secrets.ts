// Memory holds passwords. Attributes whose names say so are redacted before their values reach any store.
import type { WorkspaceFile } from './workspaceFile.ts';

export interface SecretRules {
  /** `passwordHash`, `API_KEY`, `#cardNumber` look like secrets; `tokenCount` does not. */
  readonly looksSecret: (name: string) => boolean;
  /** A text that is, or holds, a credential or the number of a payment card, whatever its attribute is called. */
  readonly looksSecretText: (text: string) => boolean;
  /** A pattern of the workspace file: exact, with `*`, or `Type.attribute`. */
  readonly matches: (pattern: string, entity: string, attribute: string) => boolean;
}

/** The rules in one function that refers to nothing outside itself: recording sends its text into the target, which redacts there. */
export function secretRules(): SecretRules {
  // Whole words of a name split at case and separators, so that `tokenCount` of a lexer or `passengerId` stays readable.
  const secretWords =
    /(^|_)(passwords?|passwd|pwd|passphrase|secrets?|tokens?|api_?keys?|private_?keys?|access_?keys?|client_?secrets?|credentials?|authorization|cookies?|session_?ids?|jwt|bearer|otp|pin|cvv|cvc|ssn|iban|card_?numbers?|pan|salt|hash(ed)?_?passwords?|password_?hash)($|_)/;
  const harmlessEnd = /(^|_)(count|length|type|kind|name|expires?|expiry|valid|status|state)$/;
  // Forms that are credentials wherever they stand: authorization headers, JSON Web Tokens (RFC 7519), keys in PEM (RFC 7468),
  // addresses with a password (RFC 3986, 3.2.1), and prefixes that issuers give their keys so that they can be recognised.
  const secretText =
    /\b(bearer|basic)\s+[A-Za-z\d+/_~.=-]{16,}|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|-----BEGIN [A-Z ]*PRIVATE KEY-----|\b[a-z][a-z\d+.-]*:\/\/[^\s/:@]*:[^\s/@]+@|\b(sk|rk|pk)_(live|test)_\w{8,}|\b(AKIA|ASIA)[A-Z\d]{16}\b|\bgh[pousr]_\w{20,}|\bxox[abprs]-[\w-]{10,}|\$2[aby]\$\d\d\$[./\w]{20,}/i;
  const cardNumber = /(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/;
  // First digits of the card networks (ISO/IEC 7812): a long number of another kind rarely begins so and passes the check as well.
  const issuer = /^(4|5[1-5]|2[2-7]|3[47]|35|6(?:011|5))/;
  const longestSearched = 4_000;

  /** The check digit of ISO/IEC 7812-1, annex B. */
  const luhn = (digits: string): boolean => {
    let sum = 0;
    for (let place = 0; place < digits.length; place += 1) {
      const digit = Number(digits[digits.length - 1 - place]);
      const doubled = digit * 2;
      sum += place % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
    }
    return sum % 10 === 0;
  };
  return {
    looksSecret(name) {
      const words = name
        .replace(/^[#_@$]+/, '')
        .replace(/([a-z\d])([A-Z])/g, '$1_$2')
        .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
        .replace(/[^A-Za-z\d]+/g, '_')
        .toLowerCase();
      return secretWords.test(words) && !harmlessEnd.test(words);
    },
    looksSecretText(text) {
      if (text.length < 13) return false;
      const searched = text.slice(0, longestSearched);
      if (secretText.test(searched)) return true;
      const card = cardNumber.exec(searched)?.[0].replace(/\D/g, '');
      return card !== undefined && issuer.test(card) && luhn(card);
    },
    matches(pattern, entity, attribute) {
      const text = pattern.includes('.') ? `${entity}.${attribute}` : attribute;
      const source = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
      return new RegExp(`^${source.join('.*')}$`).test(text);
    },
  };
}

export const { looksSecret, looksSecretText, matches } = secretRules();

/** Whether a value of this attribute must not be kept: the workspace file decides first, then its name. */
export function isSecret(entity: string, attribute: string, file: WorkspaceFile = {}): boolean {
  const override = file.entities && Object.hasOwn(file.entities, entity) ? file.entities[entity] : undefined;
  if ([...(file.redact ?? []), ...(override?.redact ?? [])].some((p) => matches(p, entity, attribute))) return true;
  return !isRevealed(entity, attribute, file) && looksSecret(attribute);
}

/** Whether a person said that this attribute holds no secrets, whatever its name or its values look like. */
export function isRevealed(entity: string, attribute: string, file: WorkspaceFile = {}): boolean {
  return file.reveal?.some((pattern) => matches(pattern, entity, attribute)) ?? false;
}
