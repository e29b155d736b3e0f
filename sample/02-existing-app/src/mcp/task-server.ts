import { NotFoundException } from '@nestjs/common';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { McpPrincipal } from 'nestjs-mcp-auth';
import { z } from 'zod';
import type { TasksService } from '../tasks/tasks.service';

const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] });
const problem = (value: string) => ({ ...text(value), isError: true });

/** The application's tasks as MCP tools, in the name of one user. */
export function taskServer(tasks: TasksService, principal: McpPrincipal): McpServer {
  const server = new McpServer({ name: 'tasks', version: '1.0.0' });
  const { userId } = principal;

  server.registerTool('whoami', { description: 'Tells whose tasks these are' }, async () =>
    text((await principal.userData())?.name ?? userId),
  );

  server.registerTool('list_tasks', { description: 'Lists your tasks' }, async () => {
    const lines = (await tasks.list(userId)).map(
      ({ id, title, done }) => `${id}. [${done ? 'x' : ' '}] ${title}`,
    );
    return text(lines.join('\n') || 'No tasks yet');
  });

  server.registerTool(
    'add_task',
    { description: 'Adds a task', inputSchema: { title: z.string().min(1).max(200) } },
    async ({ title }) => {
      if (!principal.hasScope('mcp:write')) return problem('This needs the scope mcp:write');
      const { id } = await tasks.add(userId, title);
      return text(`Added task ${id}`);
    },
  );

  server.registerTool(
    'complete_task',
    { description: 'Marks a task as done', inputSchema: { id: z.number().int() } },
    async ({ id }) => {
      if (!principal.hasScope('mcp:write')) return problem('This needs the scope mcp:write');
      try {
        await tasks.complete(userId, id);
        return text(`Completed task ${id}`);
      } catch (error) {
        if (error instanceof NotFoundException) return problem(error.message);
        throw error;
      }
    },
  );

  return server;
}
