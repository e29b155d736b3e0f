import { Controller, UseGuards } from '@nestjs/common';
import { McpHttpControllerFor } from '@rekog/mcp-nest';
import { McpAuthGuard } from 'nestjs-mcp-auth';
import { MCP_PATH, transport } from './mcp-server.js';
import { PrincipalAsUserGuard } from './principal-as-user.guard.js';

/** The route of the MCP server, as a controller, so that guards stand before it. */
@Controller(MCP_PATH)
@UseGuards(McpAuthGuard, PrincipalAsUserGuard)
export class McpController extends McpHttpControllerFor(transport) {}
