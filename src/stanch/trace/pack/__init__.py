"""What other languages' frameworks look like: one rule pack a framework, as data for ``polyglot``."""

from stanch.trace.pack import aspnet, express, fastify, gin, laravel, nest, rails, spring
from stanch.trace.pack.model import Pack

PACKS: tuple[Pack, ...] = (express.PACK, fastify.PACK, nest.PACK, rails.PACK, laravel.PACK, spring.PACK, aspnet.PACK, gin.PACK)
