import { connectTemporal, startTimeSkipping, type TestTemporal } from '../support/temporal';

describe('the embedded Temporal server', () => {
  let temporal: TestTemporal;
  beforeAll(async () => {
    temporal = await connectTemporal();
  });
  afterAll(() => temporal.close());

  it('knows the search attributes that the workflows upsert', async () => {
    const { customAttributes } =
      await temporal.client.connection.operatorService.listSearchAttributes({
        namespace: temporal.namespace,
      });
    expect(Object.keys(customAttributes)).toEqual(
      expect.arrayContaining([
        'SeatwiseOrg',
        'SeatwisePhase',
        'SeatwiseTemplate',
        'SeatwiseTotal',
        'SeatwiseFailed',
      ]),
    );
  });

  it('has a brother that skips time', async () => {
    const environment = await startTimeSkipping();
    try {
      const before = await environment.currentTimeMs();
      await environment.sleep('24h');
      expect((await environment.currentTimeMs()) - before).toBeGreaterThanOrEqual(86_400_000);
    } finally {
      await environment.teardown();
    }
  });
});
