import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { databaseOptions } from './database.js';

/** A step of its own before the instances start: two of them that migrate at once would get into each other's way. */
const dataSource = await new DataSource(databaseOptions()).initialize();
await dataSource.runMigrations();
await dataSource.destroy();
