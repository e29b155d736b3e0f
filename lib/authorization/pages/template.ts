import Handlebars from 'handlebars';

/** A compiled page. */
export type Template = (view: object) => string;

const engine = Handlebars.create();
// Names pass through registration clean, but a first character may still be half of something.
engine.registerHelper('initial', (name: unknown) => [...String(name)][0]?.toUpperCase() ?? '?');

/**
 * Compiles a Handlebars template, at once and not at the first user.
 *
 * @throws {Error} with Handlebars' own description of the place
 */
export function compileTemplate(source: string): Template {
  engine.precompile(source);
  const render = engine.compile(source, { preventIndent: true });
  return (view) => render(view);
}
