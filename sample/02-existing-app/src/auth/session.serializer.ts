import { Injectable } from '@nestjs/common';
import { PassportSerializer } from '@nestjs/passport';
import type { User } from '../users/user.entity';
import { UsersService } from '../users/users.service';

@Injectable()
export class SessionSerializer extends PassportSerializer {
  constructor(private readonly users: UsersService) {
    super();
  }

  serializeUser(user: User, done: (error: unknown, id: string) => void): void {
    done(null, user.id);
  }

  /** A user who is gone is signed out. */
  deserializeUser(id: string, done: (error: unknown, user?: User | false) => void): void {
    this.users.findById(id).then((user) => done(null, user ?? false), done);
  }
}
