// Fields of a protobuf message, one after the other. Knows the encoding, no message.

export interface Field {
  readonly number: number;
  /** Of a varint or a fixed number; 0 for bytes. Exact up to 2^53. */
  readonly value: number;
  /** Of a string or an inner message; empty for numbers. */
  readonly bytes: Buffer;
}

const NONE = Buffer.alloc(0);

/** What is damaged ends the list; it never throws. */
export function* fieldsOf(message: Buffer): Generator<Field, void, undefined> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; at < message.length; scale *= 128) {
      const byte = message[at++] as number;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };
  while (at < message.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    switch (key % 8) {
      case 0: {
        const value = varint();
        if (Number.isNaN(value)) return;
        yield { number, value, bytes: NONE };
        break;
      }
      case 1:
      case 5: {
        const size = key % 8 === 1 ? 8 : 4;
        if (at + size > message.length) return;
        const value = size === 8 ? Number(message.readBigUInt64LE(at)) : message.readUInt32LE(at);
        at += size;
        yield { number, value, bytes: NONE };
        break;
      }
      case 2: {
        const size = varint();
        if (!(at + size <= message.length)) return;
        yield { number, value: 0, bytes: message.subarray(at, at + size) };
        at += size;
        break;
      }
      default:
        return;
    }
  }
}

/** The last value of a number's field; undefined where it is not there. */
export function numberIn(message: Buffer, number: number): number | undefined {
  let found: number | undefined;
  for (const field of fieldsOf(message)) if (field.number === number) found = field.value;
  return found;
}

export function bytesIn(message: Buffer, number: number): Buffer | undefined {
  for (const field of fieldsOf(message)) if (field.number === number) return field.bytes;
  return undefined;
}
