import { regionOf } from '../../src/setup/region';

it.each([
  ['Eastern Time (US & Canada)', 'US'],
  ['Arizona', 'US'],
  ['London', 'GB'],
  ['New Delhi', 'IN'],
  ['Europe/London', 'GB'],
  ['America/New_York', 'US'],
  ['UTC', null],
  ['constructor', null],
  ['', null],
  [null, null],
])('phone numbers of a help desk in %j are of region %j', (zone, region) => expect(regionOf(zone)).toBe(region));
