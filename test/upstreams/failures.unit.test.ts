import fc from 'fast-check';
import {
  mappingFailure,
  RETRY_AFTER_CAP_MS,
  toFailure,
  waitAfter429,
  waitAfterOutage,
} from '../../activities/failures';
import { UpstreamError, type UpstreamErrorInit } from '../../src/clients/upstream-error';
import type { FailureDetail } from '../../src/contract/failures';

const upstreamError = (patch: Partial<UpstreamErrorInit>): UpstreamError =>
  new UpstreamError({
    ...{ system: 'field-nation', phase: 'answered', status: 400, code: null, message: 'POST /workorders answered' },
    ...{ retryAfterMs: null, requestId: null, call: 'POST /workorders' },
    ...patch,
  });

const failed = (patch: Partial<UpstreamErrorInit>) => {
  const failure = toFailure(upstreamError(patch));
  return { failure, detail: failure.details?.[0] as FailureDetail };
};

describe('the wait in an outage', () => {
  it.each([
    ['a first attempt', 1, 0, 2_000],
    ['a fourth one soon after', 4, 60_000, 16_000],
    ['many in a minute, most of them 429', 30, 60_000, 30_000],
    ['four hours', 60, 4 * 3_600_000, 300_000],
    ['a first attempt after an hour in the queue', 1, 3_600_000, 2_000],
  ])('is after %s (attempt %j, %j ms) %j ms', (_, attempt, waiting, wait) => {
    expect(waitAfterOutage(attempt, waiting, () => 0)).toBe(wait);
  });
});

describe('the wait after a 429', () => {
  const calm = () => 0;

  it.each([
    ['a missing Retry-After', null, 60_000],
    ['34 seconds', 34_000, 34_000],
    ['0 seconds', 0, 1000],
    ['an hour', 3_600_000, 3_600_000],
    ['a billion seconds', 1e12, 3_600_000],
  ])('is for %s (%j ms) %j ms', (_, asked, wait) => {
    expect(waitAfter429(asked, calm)).toBe(wait);
  });

  it('is never shorter than asked for, and never longer than an hour', () => {
    const ms = fc.oneof(fc.nat(4_000_000), fc.constantFrom(0, 1e12, Number.MAX_SAFE_INTEGER));
    const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(ms, share, (asked, random) => {
        const wait = waitAfter429(asked, () => random);
        expect(wait).toBeGreaterThanOrEqual(Math.min(asked, RETRY_AFTER_CAP_MS));
        expect(wait).toBeLessThanOrEqual(RETRY_AFTER_CAP_MS);
      }),
    );
  });

  it('is spread, so that not all come back at once', () => {
    expect(waitAfter429(60_000, () => 0.99)).toBeGreaterThan(waitAfter429(60_000, calm));
  });
});

describe('the table of failures', () => {
  it.each<[number, string, boolean, FailureDetail['reason']]>([
    [400, 'InvalidRequest', true, 'rejected'],
    [401, 'Unauthorized', true, 'unauthorized'],
    [403, 'Unauthorized', true, 'unauthorized'],
    [404, 'NotFound', true, 'not-found'],
    [405, 'NotFound', true, 'not-found'],
    [406, 'InvalidRequest', true, 'rejected'],
    [408, 'UpstreamUnavailable', false, 'ambiguous'],
    [409, 'Conflict', true, 'conflict'],
    [410, 'NotFound', true, 'not-found'],
    [415, 'InvalidRequest', true, 'rejected'],
    [422, 'InvalidRequest', true, 'rejected'],
    [429, 'RateLimited', false, 'rejected'],
    [500, 'UpstreamUnavailable', false, 'ambiguous'],
    [502, 'UpstreamUnavailable', false, 'ambiguous'],
    [503, 'UpstreamUnavailable', false, 'ambiguous'],
    [504, 'UpstreamUnavailable', false, 'ambiguous'],
  ])('%s is %s', (status, type, nonRetryable, reason) => {
    for (const system of ['freshdesk', 'field-nation'] as const) {
      const { failure, detail } = failed({ system, status });
      expect(failure).toMatchObject({ type, nonRetryable });
      expect(detail).toMatchObject({ reason, status });
      expect(failure.nextRetryDelay === undefined).toBe(status !== 429);
    }
  });

  it.each<[string, Partial<UpstreamErrorInit>, boolean]>([
    ['a refused connection', { phase: 'not-sent', status: null }, false],
    ['a lost answer', { phase: 'no-answer', status: null }, true],
    ['an unreadable answer', { phase: 'unreadable', status: 200 }, true],
    ['a redirect', { status: 302 }, true],
    ['a 500', { status: 500 }, true],
    ['a 408', { status: 408 }, true],
    ['a 400', { status: 400 }, false],
    ['a 401', { status: 401 }, false],
    ['a 409', { status: 409 }, false],
    ['a 429', { status: 429 }, false],
    ['a token endpoint that is down', { phase: 'not-sent', status: 503 }, false],
  ])('knows after %s whether something may have happened', (_, patch, unsure) => {
    expect(failed(patch).detail.unsure).toBe(unsure);
  });

  it('says after a 429 how long it waits, and waits that long', () => {
    const { failure, detail } = failed({ status: 429, retryAfterMs: 0 });
    expect(failure.nextRetryDelay).toBe(detail.retryAfterMs);
    expect(failure.message).toContain('; waiting 1 s');
  });

  it.each([
    ['freshdesk' as const, 401, 'FRESHDESK_API_KEY'],
    ['freshdesk' as const, 403, 'the right to do this in Freshdesk'],
    ['field-nation' as const, 401, 'FIELD_NATION_PASSWORD'],
    ['field-nation' as const, 403, 'the right to do this in Field Nation'],
  ])('names for %s %s the setting to mend', (system, status, words) => {
    expect(failed({ system, status }).detail.remedy).toContain(words);
  });

  it.each([400, 401, 403, 404])('takes a token refused with %s for wrong credentials', (status) => {
    const { failure, detail } = failed({ phase: 'not-sent', status });
    expect(failure).toMatchObject({ type: 'Unauthorized', nonRetryable: true });
    expect(detail).toMatchObject({ reason: 'unauthorized', unsure: false });
    expect(detail.remedy).toContain('FIELD_NATION_CLIENT_SECRET');
  });

  it.each([
    ['missing_field', 'required for closure'],
    ['invalid_field', 'does not exist in Freshdesk'],
    ['datatype_mismatch', 'wrong type'],
    ['invalid_value', 'a value that Freshdesk allows'],
    ['unheard_of', 'Correct the named field'],
  ])('says for a Freshdesk %s what to do, and names the field', (code, remedy) => {
    const errors = [{ field: 'custom_fields.cf_x', message: 'Mandatory attribute missing', code, holderId: null }];
    const { detail } = failed({ system: 'freshdesk', status: 400, errors });
    expect(detail.detail).toContain('400 custom_fields.cf_x: Mandatory attribute missing');
    expect(detail.remedy).toContain(remedy);
  });

  it('tells call and status once', () => {
    const { detail } = failed({ status: 404, message: 'POST /workorders answered 404: Resource not found' });
    expect(detail.detail).toBe('Field Nation answered POST /workorders with 404 Resource not found');
  });

  it('does not call an upstream out of reach that answered', () => {
    expect(failed({ phase: 'unreadable', status: 200 }).failure.message).not.toContain('could not be reached');
    expect(failed({ phase: 'no-answer', status: null }).failure.message).toContain('could not be reached');
  });

  it('bounds what an upstream says', () => {
    expect(failed({ status: 400, message: 'x'.repeat(5000) }).failure.message.length).toBeLessThanOrEqual(1000);
  });

  it('leaves a mapping problem to a person', () => {
    const failure = mappingFailure('No such status', 'Correct it');
    expect(failure).toMatchObject({ type: 'MappingProblem', nonRetryable: true, message: 'No such status' });
    expect(failure.details).toEqual([
      expect.objectContaining({ reason: 'mapping', remedy: 'Correct it', unsure: false }),
    ]);
  });
});
