import { Injectable } from '@nestjs/common';

/** Everybody's bookmarks, in memory: what is stored is not what this sample is about. */
@Injectable()
export class BookmarksService {
  private readonly byOwner = new Map<string, string[]>();

  list(owner: string): readonly string[] {
    return this.byOwner.get(owner) ?? [];
  }

  add(owner: string, url: string): void {
    this.byOwner.set(owner, [...this.list(owner), url]);
  }
}
