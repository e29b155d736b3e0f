import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('notes')
export class Note {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  @Index()
  @Column({ type: 'varchar', length: 64 })
  owner!: string;

  @Column({ type: 'text' })
  text!: string;
}
