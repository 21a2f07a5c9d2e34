/**
 * Where a file may be fetched from. Promise: an address that came out of somebody's data leads to the named hosts over
 * https, or to the very origin that an operator has configured, and to nothing else. Source: faults X12.
 */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

export interface FilePlaces {
  /** Of the configured base URL; allowed as it is, so that a sandbox on loopback works. */
  ownOrigin: string;
  /** Host name → beginnings of the paths allowed there; an empty list allows all. */
  hosts: Readonly<Record<string, readonly string[]>>;
}

/** `own` needs no look at what its name resolves to: an operator has chosen it. */
export interface FileAddress {
  url: URL;
  own: boolean;
}

/** The address, when a file may be fetched from there; else null. */
export function allowedAddress(address: string, { ownOrigin, hosts }: FilePlaces): FileAddress | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.username !== '' || url.password !== '') return null;
  if (url.origin === ownOrigin) return { url, own: true };
  if (url.protocol !== 'https:' || url.port !== '' || isLiteral(url.hostname)) return null;
  const paths = Object.hasOwn(hosts, url.hostname) ? hosts[url.hostname] : undefined;
  if (paths === undefined) return null;
  return paths.length === 0 || paths.some((path) => url.pathname.startsWith(path)) ? { url, own: false } : null;
}

const isLiteral = (host: string): boolean => isIP(host.replace(/^\[|\]$/g, '')) !== 0;

/** True for an address of the open internet; false for loopback, private, link-local, reserved, translated and unreadable ones. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // An IPv4 address in the clothes of an IPv6 one is judged as what it is.
  return ipaddr.process(address).range() === 'unicast';
}
