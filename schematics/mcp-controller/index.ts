import type { Rule } from '@angular-devkit/schematics';
import { createOnce, readProject } from '../support/project.js';
import { controllerTemplate, controllerTestTemplate } from '../templates/controller.js';

/** Writes a guarded controller under the MCP path, with a test. */
export function mcpController({ name = 'mcp' }: { name?: string }): Rule {
  return (tree, context) => {
    const { sourceRoot, importSuffix, testRunner } = readProject(tree);
    const words = name.match(/[A-Za-z][a-z0-9]*|[0-9]+/g) ?? ['mcp'];
    const kebab = words.map((word) => word.toLowerCase()).join('-');
    const className = `${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}Controller`;
    const folder = `/${sourceRoot}/${kebab}`;
    const file = `${kebab}.controller`;
    createOnce(tree, `${folder}/${file}.ts`, controllerTemplate(className));
    createOnce(
      tree,
      `${folder}/${file}.spec.ts`,
      controllerTestTemplate(className, file, importSuffix, testRunner),
    );
    context.logger.info(`Add ${className} to the controllers of a module.`);
    return tree;
  };
}
