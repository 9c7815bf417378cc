/**
 * A name that nothing else has. `crypto.randomUUID` is there only over HTTPS and on the machine itself, and a reviewer comes in over
 * the network by HTTP.
 */
export const uniqueName = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
