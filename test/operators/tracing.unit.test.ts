/** Nothing is paid for traces that nobody wants. */
import { loadTracing } from '../../src/tracing';

jest.mock('../../src/tracing/otel', () => {
  throw new Error('OpenTelemetry is loaded');
});

test('OpenTelemetry is loaded when there is a collector, and only then', async () => {
  expect(await loadTracing(null, 'acme')).toBeNull();
  await expect(loadTracing('http://localhost:4318', 'acme')).rejects.toThrow('OpenTelemetry is loaded');
});
