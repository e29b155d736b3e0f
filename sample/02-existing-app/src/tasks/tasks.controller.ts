import { Body, Controller, Get, HttpCode, Param, ParseIntPipe, Post, UseGuards } from '@nestjs/common';
import { CurrentUser } from '../auth/current-user.decorator';
import { SignedInGuard } from '../auth/signed-in.guard';
import type { User } from '../users/user.entity';
import { CreateTaskDto } from './create-task.dto';
import type { Task } from './task.entity';
import { TasksService } from './tasks.service';

@Controller('tasks')
@UseGuards(SignedInGuard)
export class TasksController {
  constructor(private readonly tasks: TasksService) {}

  @Get()
  list(@CurrentUser() user: User): Promise<Task[]> {
    return this.tasks.list(user.id);
  }

  @Post()
  add(@CurrentUser() user: User, @Body() { title }: CreateTaskDto): Promise<Task> {
    return this.tasks.add(user.id, title);
  }

  @Post(':id/complete')
  @HttpCode(204)
  complete(@CurrentUser() user: User, @Param('id', ParseIntPipe) id: number): Promise<void> {
    return this.tasks.complete(user.id, id);
  }
}
