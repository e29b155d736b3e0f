import { NotFoundException } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { getRepositoryToken } from '@nestjs/typeorm';
import { Task } from './task.entity';
import { TasksService } from './tasks.service';

describe('TasksService', () => {
  const update = jest.fn();
  let tasks: TasksService;

  beforeEach(async () => {
    update.mockReset();
    const moduleRef = await Test.createTestingModule({
      providers: [TasksService, { provide: getRepositoryToken(Task), useValue: { update } }],
    }).compile();
    tasks = moduleRef.get(TasksService);
  });

  it('completes a task of its owner only', async () => {
    update.mockResolvedValue({ affected: 1 });
    await tasks.complete('alice', 7);
    expect(update).toHaveBeenCalledWith({ id: 7, ownerId: 'alice' }, { done: true });
  });

  it("does not find another one's task", async () => {
    update.mockResolvedValue({ affected: 0 });
    await expect(tasks.complete('bob', 7)).rejects.toBeInstanceOf(NotFoundException);
  });
});
