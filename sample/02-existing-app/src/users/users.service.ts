import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { hashPassword, isPassword } from './password';
import { User } from './user.entity';

@Injectable()
export class UsersService {
  /** Compared with when there is no such user, so that the time of an answer does not tell who has an account. */
  private readonly nobody = hashPassword(randomUUID());

  constructor(@InjectRepository(User) private readonly users: Repository<User>) {}

  findById(id: string): Promise<User | null> {
    return this.users.findOneBy({ id });
  }

  findByEmail(email: string): Promise<User | null> {
    return this.users.findOneBy({ email: email.toLowerCase() });
  }

  async findByPassword(email: string, password: string): Promise<User | null> {
    const user = await this.findByEmail(email);
    const isRight = await isPassword(password, user?.passwordHash ?? (await this.nobody));
    return isRight ? user : null;
  }

  async create(email: string, name: string, password: string): Promise<User> {
    const user = this.users.create({
      id: randomUUID(),
      email: email.toLowerCase(),
      name,
      passwordHash: await hashPassword(password),
    });
    await this.users.insert(user);
    return user;
  }

  async remove(id: string): Promise<void> {
    await this.users.delete({ id });
  }
}
