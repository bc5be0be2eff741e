// What must not reach a store: by an attribute's name, by the form of its value, and by what a person says of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isSecret, looksSecret, looksSecretText } from '../../src/model/index.ts';

test('names that say secret, and names that only sound like it', () => {
  for (const name of ['passwordHash', 'API_KEY', '#cardNumber', 'client-secret', 'authorization', 'sessionId'])
    assert.ok(looksSecret(name), name);
  for (const name of ['tokenCount', 'passengerId', 'secretaryName', 'pinned', 'cookieType', 'status'])
    assert.ok(!looksSecret(name), name);
});

test('texts that are credentials wherever they stand', () => {
  const secrets = [
    'Bearer abcdefghijklmnopqrstuvwxyz',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl',
    'postgres://shop:s3cret@db:5432/orders',
    'call with sk_live_51ABCDEFGHIJ',
    'AKIAIOSFODNN7EXAMPLE',
    '-----BEGIN RSA PRIVATE KEY-----\nMIIE',
    '$2b$12$abcdefghijklmnopqrstuvwxyz0123456789',
    '4111 1111 1111 1111',
    'paid with 5500-0000-0000-0004',
  ];
  for (const text of secrets) assert.ok(looksSecretText(text), text);
});

test('texts of business are kept', () => {
  const kept = [
    'Order 1042 was paid',
    'https://shop.example/orders/1042?ref=a:b@c',
    '2026-11-24T10:41:12.020Z',
    '0000000000000000',
    '550e8400-e29b-41d4-a716-446655440000',
    'basic training of twenty dogs',
    '4006381333931',
  ];
  for (const text of kept) assert.ok(!looksSecretText(text), text);
});

test('any text is answered at once (seed 7)', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 5000 }), (text) => typeof looksSecretText(text) === 'boolean'),
    { seed: 7, numRuns: 300 },
  );
  const begin = process.cpuUsage().user;
  for (const text of ['1 '.repeat(50_000), 'a'.repeat(100_000), 'bearer '.repeat(20_000), 'x://'.repeat(30_000)])
    looksSecretText(text);
  assert.ok(process.cpuUsage().user - begin < 1e6, 'no text takes a second');
});

test('the workspace file decides first', () => {
  const file = { redact: ['Customer.email'], reveal: ['Parcel.pin'] };
  assert.ok(isSecret('Customer', 'email', file));
  assert.ok(!isSecret('Supplier', 'email', file));
  assert.ok(!isSecret('Parcel', 'pin', file));
  assert.ok(isSecret('Card', 'pin', file));
});
