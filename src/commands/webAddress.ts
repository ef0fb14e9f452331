/** Whether a browser is what opens it: a server may name any address, and others would have this machine do other things. */
export function isWebAddress(address: string): boolean {
  return URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
}
