/** The code that workflows run from. Promise: one way to make it, for the build and for tests. */
import { extname, join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** What others wrote in their packages for readers is a fifth of them. The loader is the SDK's own. */
const WITHOUT_COMMENTS = {
  test: /\.js$/,
  include: /node_modules/,
  use: {
    loader: require.resolve('swc-loader', { paths: [require.resolve('@temporalio/worker')] }),
    options: {
      ...{ minify: true, isModule: 'unknown' },
      jsc: {
        target: 'es2022',
        minify: { compress: false, mangle: false, format: { comments: false, beautify: true } },
      },
    },
  },
};

/** Bundles the workflows that stand beside this file, compiled or not; gives code with a source map of lines. */
export async function bundleWorkflows(): Promise<string> {
  const file = (path: string): string => join(__dirname, '../..', `${path}${extname(__filename)}`);
  const workflows = file('workflows/index');
  const interceptors = [file('workflows/tracing'), file('workflows/right-account')];
  const { code } = await bundleWorkflowCode({
    workflowsPath: workflows,
    workflowInterceptorModules: interceptors,
    failureConverterPath: file('src/temporal/failure-converter'),
    // Else every run would load all of it anew and keep it: modules hold nothing that changes, so one copy serves all.
    preloadModules: [workflows, ...interceptors],
    // The SDK takes no bundle without a map, and looks frames up in it all the time. Lines without columns and sources say
    // where an error comes from, in a sixteenth of the size.
    webpackConfigHook: (config) => ({
      ...config,
      devtool: 'inline-nosources-cheap-module-source-map',
      output: { ...config.output, pathinfo: false },
      optimization: { ...config.optimization, moduleIds: 'natural' },
      module: { ...config.module, rules: [...(config.module?.rules ?? []), WITHOUT_COMMENTS] },
    }),
    logger: new DefaultLogger('WARN'),
  });
  return code;
}
