/** Whether the release that the settings name is the one whose workers Temporal gives work to. */
import { isGrpcServiceError, type Client } from '@temporalio/client';
import type { Settings } from '../config/settings';
import { failed, fine, warning, type Finding } from './finding';

const NOT_FOUND = 5;

export async function checkDeployment(
  client: Client,
  { name, buildId }: NonNullable<Settings['deployment']>,
): Promise<Finding> {
  const what = `worker deployment ${name}`;
  const { namespace } = client.options;
  const setCurrent =
    `temporal worker deployment set-current-version --namespace ${namespace} ` +
    `--deployment-name ${name} --build-id ${buildId}`;
  try {
    const { workerDeploymentInfo } = await client.workflowService.describeWorkerDeployment({
      ...{ namespace, deploymentName: name },
    });
    const current = workerDeploymentInfo?.routingConfig?.currentDeploymentVersion?.buildId;
    if (current === buildId) return fine('Temporal', what, `build ${buildId} is current`);
    if (!current) return failed('Temporal', what, 'no build is current: its workers get no work', setCurrent);
    return warning('Temporal', what, `build ${current} is current, not ${buildId}`, setCurrent);
  } catch (error) {
    if (isGrpcServiceError(error) && Number(error.code) === NOT_FOUND) {
      return failed('Temporal', what, 'no worker of it has ever run', `Start one, then: ${setCurrent}`);
    }
    const remedy = `Compare by hand: temporal worker deployment describe --name ${name}.`;
    return warning('Temporal', what, `may not be described (${(error as Error).message})`, remedy);
  }
}
