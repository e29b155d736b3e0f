import { Table, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

export class CreateNotes1764000000001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(
      new Table({
        name: 'notes',
        columns: [
          { name: 'id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'owner', type: 'varchar', length: '64' },
          { name: 'text', type: 'text' },
        ],
        indices: [new TableIndex({ columnNames: ['owner'] })],
      }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('notes');
  }
}
