import { Injectable, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Task } from './task.entity';

/** Every method acts for one owner: nobody reaches another one's tasks. */
@Injectable()
export class TasksService {
  constructor(@InjectRepository(Task) private readonly tasks: Repository<Task>) {}

  list(ownerId: string): Promise<Task[]> {
    return this.tasks.find({ where: { ownerId }, order: { id: 'ASC' } });
  }

  add(ownerId: string, title: string): Promise<Task> {
    return this.tasks.save({ ownerId, title, done: false });
  }

  /** @throws {NotFoundException} when this owner has no such task */
  async complete(ownerId: string, id: number): Promise<void> {
    const { affected } = await this.tasks.update({ id, ownerId }, { done: true });
    if (affected !== 1) throw new NotFoundException(`There is no task ${id}`);
  }
}
