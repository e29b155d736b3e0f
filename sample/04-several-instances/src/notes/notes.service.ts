import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Note } from './note.entity.js';

@Injectable()
export class NotesService {
  constructor(@InjectRepository(Note) private readonly notes: Repository<Note>) {}

  async list(owner: string): Promise<string[]> {
    return (await this.notes.findBy({ owner })).map(({ text }) => text);
  }

  async add(owner: string, text: string): Promise<void> {
    await this.notes.insert({ id: randomUUID(), owner, text });
  }
}
