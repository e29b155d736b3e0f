import type { SchematicContext, TaskId } from '@angular-devkit/schematics';

/** Tasks by the name of their executor, so that the devkit stays a type: the application's own may be of any version. */
function addTask<T extends object>(
  context: SchematicContext,
  name: string,
  options: T,
  after: TaskId[],
): TaskId {
  return context.addTask<T>({ toConfiguration: () => ({ name, options }) }, after);
}

/** Runs the package manager's install when the files are written. */
export function installPackages(context: SchematicContext): TaskId {
  // Without `allowScripts` the devkit passes --ignore-scripts, and a native driver would stay unbuilt. What may run is
  // still the package manager's decision.
  const options = { command: 'install', quiet: true, hideOutput: true, allowScripts: true };
  return addTask(context, 'node-package', options, []);
}

/** Says something at the very end: below the list of files, and after an install. */
export function sayAtEnd(context: SchematicContext, text: string, after: TaskId[] = []): void {
  if (text !== '') addTask(context, 'run-schematic', { name: 'say', options: { text } }, after);
}
