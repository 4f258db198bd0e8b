import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secretTexts, withoutSecrets } from './secret-values.ts';

describe('a message of helm', () => {
  const values = {
    db: { password: 'correct-horse', host: 'db.example.com', port: 5432 },
    tls: { privateKey: '-----BEGIN-----\nMIIBVgIBADANBgkq\n-----END-----' },
    tokens: ['t0k3n-number-one', 12345678],
    auth: { enabled: true, user: 'ok' },
  };

  it('does not repeat values below keys that sound secret, plain, in part or in base64', () => {
    const secrets = secretTexts([values]);
    const message = `bad correct-horse at db.example.com:5432, ${Buffer.from('correct-horse').toString('base64')}, MIIBVgIBADANBgkq, t0k3n-number-one 12345678, user ok`;
    expect(withoutSecrets(message, secrets)).toBe(
      'bad *** at db.example.com:5432, ***==, ***, *** ***, user ok'.replace(
        '***==',
        withoutSecrets(Buffer.from('correct-horse').toString('base64'), secrets),
      ),
    );
    expect(withoutSecrets(message, secrets)).not.toMatch(/correct-horse|MIIB|t0k3n|12345678/);
  });

  it('never holds a secret of four characters or more, wherever it stands', () => {
    const secret = fc
      .string({ minLength: 4, maxLength: 30 })
      .filter((text) => text.trim().length >= 4 && !text.includes('*'));
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (text, before, after) => {
        expect(withoutSecrets(`${before}${text}${after}`, secretTexts([{ a: { secretKey: text } }]))).not.toContain(
          text,
        );
      }),
    );
  });

  it('cannot steer a terminal', () => {
    expect(withoutSecrets('a\u001b[31mb\u0007c\u009bd\n\te', [])).toBe('a[31mbcd\n\te');
  });
});
