import type { ObjectLiteral, QueryBuilder } from 'typeorm';

export type StatementValue = string | number | null;

/** A statement whose text is fixed; only its values change from call to call. */
export class CompiledStatement<Parameter extends string> {
  private constructor(
    readonly sql: string,
    private readonly order: readonly Parameter[],
  ) {}

  /**
   * Compiles what `build` makes of the placeholders it is given. TypeORM's builders spell names, quotes and parameter
   * marks for the driver in use, once, instead of on every request (four to eight times the cost of the statement).
   *
   * @param names every parameter that the statement takes
   */
  static compile<Parameter extends string>(
    names: readonly Parameter[],
    build: (placeholders: Record<Parameter, never>) => QueryBuilder<ObjectLiteral>,
  ): CompiledStatement<Parameter> {
    const sentinels = new Map(names.map((name) => [`\u0001${name}\u0001`, name]));
    const placeholders = Object.fromEntries([...sentinels].map(([sentinel, name]) => [name, sentinel]));
    const [sql, values] = build(placeholders as Record<Parameter, never>).getQueryAndParameters();
    const order = values.map((value: unknown) => {
      const name = sentinels.get(String(value));
      if (name === undefined) throw new Error('A compiled statement holds a value that is not a parameter');
      return name;
    });
    return new CompiledStatement(sql, order);
  }

  /** @throws {TypeError} for anything that a driver might interpret: objects make one of them abort the process */
  bind(values: Record<Parameter, StatementValue>): StatementValue[] {
    return this.order.map((name) => {
      const value = values[name];
      if (typeof value !== 'string' && typeof value !== 'number' && value !== null) {
        throw new TypeError(`${name} must be a string, a number or null`);
      }
      return value;
    });
  }
}
