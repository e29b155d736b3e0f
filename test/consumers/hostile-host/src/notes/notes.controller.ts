import {
  Body,
  Controller,
  Get,
  HttpException,
  NotFoundException,
  Param,
  ParseIntPipe,
  Post,
  Version,
} from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Public } from '../accounts/public.decorator.js';
import { NoteDto } from './note.dto.js';
import { Note } from './note.entity.js';

/** The application's own business. */
@Controller('notes')
export class NotesController {
  constructor(@InjectRepository(Note, 'notes') private readonly notes: Repository<Note>) {}

  @Get()
  list(): Promise<Note[]> {
    return this.notes.find({ order: { id: 'ASC' } });
  }

  @Get()
  @Version('2')
  async count(): Promise<object> {
    return { count: await this.notes.count() };
  }

  @Get('teapot')
  @Public()
  teapot(): never {
    throw new HttpException('I am a teapot', 418);
  }

  @Get('broken')
  @Public()
  broken(): never {
    throw new Error('broken');
  }

  @Get(':id')
  async one(@Param('id', ParseIntPipe) id: number): Promise<Note> {
    const note = await this.notes.findOneBy({ id });
    if (!note) throw new NotFoundException('There is no such note');
    return note;
  }

  @Post()
  add(@Body() { text }: NoteDto): Promise<Note> {
    return this.notes.save({ text });
  }
}
