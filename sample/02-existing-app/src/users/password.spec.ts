import { hashPassword, isPassword } from './password';

describe('passwords', () => {
  it('are recognised by their hash', async () => {
    const hash = await hashPassword('wonderland');
    expect(await isPassword('wonderland', hash)).toBe(true);
    expect(await isPassword('Wonderland', hash)).toBe(false);
    expect(await isPassword('', hash)).toBe(false);
  });

  it('never hash to the same text twice', async () => {
    expect(await hashPassword('wonderland')).not.toBe(await hashPassword('wonderland'));
  });

  it('do not match what is not a hash', async () => {
    expect(await isPassword('', '')).toBe(false);
    expect(await isPassword('x', '.')).toBe(false);
  });
});
