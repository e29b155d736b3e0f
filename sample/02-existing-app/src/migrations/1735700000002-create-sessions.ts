import { Table, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

/** The table of connect-pg-simple. */
export class CreateSessions1735700000002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(
      new Table({
        name: 'sessions',
        columns: [
          { name: 'sid', type: 'varchar', isPrimary: true },
          { name: 'sess', type: 'json' },
          { name: 'expire', type: 'timestamp', precision: 6 },
        ],
        indices: [new TableIndex({ columnNames: ['expire'] })],
      }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('sessions');
  }
}
