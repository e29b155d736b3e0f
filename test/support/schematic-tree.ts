import { Tree, type Rule, type SchematicContext } from '@angular-devkit/schematics';

/** AppModule as `nest new` writes it. */
export const APP_MODULE = `import { Module } from '@nestjs/common';
import { AppController } from './app.controller';
import { AppService } from './app.service';

@Module({
  imports: [],
  controllers: [AppController],
  providers: [AppService],
})
export class AppModule {}
`;

export const MAIN = `import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';

async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  await app.listen(process.env.PORT ?? 3000);
}
bootstrap();
`;

/** An application as `nest new` leaves it, with changes: null takes a file away. */
export function application(changes: Record<string, string | object | null> = {}): Tree {
  const tree = Tree.empty();
  const files: Record<string, string | object | null> = {
    '/package.json': { name: 'app', dependencies: { '@nestjs/core': '^12.0.0' } },
    '/nest-cli.json': { collection: '@nestjs/schematics', sourceRoot: 'src' },
    '/src/app.module.ts': APP_MODULE,
    '/src/main.ts': MAIN,
    ...changes,
  };
  for (const [path, content] of Object.entries(files)) {
    if (content !== null) {
      tree.create(path, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
    }
  }
  return tree;
}

export interface Task {
  name: string;
  /** Those of a schematic that runs afterwards are nested once more. */
  options: { options?: { text?: string } };
}

/** Runs a rule on a tree. Answers what is said, at once or at the end, and what is to be done afterwards. */
export function runRule(rule: Rule, tree: Tree): { said: string; tasks: Task[] } {
  const tasks: Task[] = [];
  const said: string[] = [];
  const say = (message: string): void => void said.push(message);
  const context = {
    logger: { info: say, warn: say },
    addTask: ({ toConfiguration }: { toConfiguration(): Task }) => tasks.push(toConfiguration()),
  };
  void rule(tree, context as unknown as SchematicContext);
  const atEnd = tasks.flatMap(({ options }) => options.options?.text ?? []);
  return {
    said: [...said, ...atEnd].join('\n'),
    tasks: tasks.filter(({ name }) => name !== 'run-schematic'),
  };
}

export function contents(tree: Tree): Record<string, string> {
  const files: Record<string, string> = {};
  tree.visit((path) => (files[path] = tree.read(path)?.toString('utf8') ?? ''));
  return files;
}

export function readJsonFile<T>(tree: Tree, path: string): T {
  return JSON.parse(tree.readText(path)) as T;
}
