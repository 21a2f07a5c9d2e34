const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i;

/** True for an address that only this machine can reach. */
export const isLoopbackHost = (host: string): boolean => LOOPBACK.test(host.trim());
