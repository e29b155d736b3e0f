import type { Rule, Tree } from '@angular-devkit/schematics';
import { addToModule } from '../support/module-decorator.js';
import { importPath } from '../support/paths.js';
import { readProject, type Project, type ProjectOptions } from '../support/project.js';
import { createOnce, readText, write } from '../support/tree.js';
import { controllerTemplate, controllerTestTemplate } from '../templates/controller.js';

/** The options of `nest g controller`, as far as they apply. */
export interface McpControllerOptions extends ProjectOptions {
  /** Also with folders: `admin/notes`. */
  name?: string;
  /** Folder below the source folder. */
  path?: string;
  /** No folder of its own. */
  flat?: boolean;
  /** With a test. */
  spec?: boolean;
  specFileSuffix?: string;
  /** Do not add it to a module. */
  skipImport?: boolean;
}

/** Writes a guarded controller under the MCP path, with a test, and adds it to the root module. */
export function mcpController(options: McpControllerOptions = {}): Rule {
  return (tree, { logger }) => {
    const project = readProject(tree, options);
    const { folder, name, className } = placeOf(options, project);
    const file = `${folder}/${name}.controller.ts`;
    const isNew = createOnce(tree, file, controllerTemplate(className, name));
    if (!isNew) logger.info(`${file.slice(1)} is there already.`);
    if (options.spec ?? true) {
      createOnce(
        tree,
        `${folder}/${name}.controller.${options.specFileSuffix ?? 'spec'}.ts`,
        controllerTestTemplate(className, name, project),
      );
    }
    if (isNew && !options.skipImport && !register(tree, project, className, file)) {
      logger.info(`Add ${className} to the controllers of a module.`);
    }
    return tree;
  };
}

function placeOf(
  { name = 'mcp', path = '', flat = false }: McpControllerOptions,
  { sourceRoot }: Project,
): { folder: string; name: string; className: string } {
  const segments = [...path.split(/[/\\]/), ...name.split(/[/\\]/)]
    .map(wordsOf)
    .filter((words) => words.length > 0);
  const words = segments.pop() ?? ['mcp'];
  const kebab = words.join('-');
  const folders = [sourceRoot, ...segments.map((segment) => segment.join('-')), ...(flat ? [] : [kebab])];
  const className = `${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}Controller`;
  return { folder: `/${folders.join('/')}`, name: kebab, className };
}

const wordsOf = (text: string): string[] =>
  (text.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+/g) ?? []).map((word) => word.toLowerCase());

/** Whether it could be added to the root module. */
function register(tree: Tree, project: Project, className: string, file: string): boolean {
  const { rootModule, importSuffix } = project;
  if (!rootModule) return false;
  const source = readText(tree, rootModule.path);
  const from = importPath(rootModule.path, file) + importSuffix;
  const element = { expression: className, imports: [{ name: className, from }] };
  const edited = addToModule(source, 'controllers', [element], rootModule.className);
  if (edited !== null) write(tree, rootModule.path, edited);
  return edited !== null;
}
