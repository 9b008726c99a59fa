"""Other languages: routes found, and the line that lets the field out among the candidates, first."""

from textwrap import dedent

import pytest
from trace_sources import finding

from stanch.trace.polyglot import Tree, trace


def traced(files, endpoint, path):
    return trace(Tree.read({name: dedent(text) for name, text in files.items()}), finding(endpoint, path))


EXPRESS = {
    "server.js": """
        const express = require('express')
        const users = require('./routes/users')
        const app = express()
        app.use('/api/users', users)
        app.get('/api/health', (req, res) => res.json({ ok: true }))
        """,
    "routes/users.js": """
        const router = require('express').Router()
        const controller = require('../controllers/userController')
        router.get('/:id', auth, controller.show)
        router.get('/', controller.list)
        router.post('/', async (req, res) => {
          const user = await User.create(req.body)
          res.status(201).json(user)
        })
        module.exports = router
        """,
    "controllers/userController.js": """
        exports.show = async (req, res) => {
          const user = await User.findByPk(req.params.id)
          // email: a comment is no code
          res.json({ id: user.id, email: user.email })
        }
        exports.list = async function (req, res) {
          const users = await Post.findAll({ include: [UserModel] })
          res.json(users)
        }
        """,
}
NEST = {
    "src/articles.controller.ts": """
        import { Controller, Get, Param } from '@nestjs/common';
        @Controller('articles')
        export class ArticlesController {
          constructor(private readonly articlesService: ArticlesService) {}
          @Get(':slug')
          async findOne(@Param('slug') slug: string) {
            return this.articlesService.findOne(slug);
          }
        }
        """,
    "src/articles.service.ts": """
        export class ArticlesService {
          async findOne(slug: string) {
            return this.repository.createQueryBuilder('a')
              .leftJoinAndSelect('a.author', 'author')
              .getOne();
          }
        }
        """,
}
RAILS = {
    "config/routes.rb": """
        Rails.application.routes.draw do
          namespace :api do
            resources :users do
              get 'card', to: 'users#card'
            end
          end
        end
        """,
    "app/controllers/api/users_controller.rb": """
        class UsersController < ApplicationController
          def show
            @user = User.find(params[:id])
            render json: @user
          end
          def card
            render json: { name: user.name, email: user.email }
          end
        end
        """,
}
LARAVEL = {
    "routes/api.php": "<?php\nRoute::apiResource('users', UserController::class);\nRoute::get('/me/{id}', [ProfileController::class, 'show']);\n",
    "app/Http/Controllers/UserController.php": """<?php
        class UserController extends Controller {
            public function index() {
                return User::all();
            }
            public function show(User $user) {
                return new UserResource($user);
            }
        }
        """,
    "app/Http/Controllers/ProfileController.php": """<?php
        class ProfileController extends Controller {
            public function show($id) {
                return response()->json(['email' => $this->find($id)->email]);
            }
        }
        """,
    "app/Http/Resources/UserResource.php": """<?php
        class UserResource extends JsonResource {
            public function toArray($request) {
                return [
                    'id' => $this->id,
                    'email' => $this->email,
                ];
            }
        }
        """,
}
SPRING = {
    "src/UserController.java": """
        @RestController
        @RequestMapping("/api/users")
        public class UserController {
            @GetMapping("/{id}")
            public UserDto one(@PathVariable long id) {
                return mapper.toDto(users.findById(id));
            }
        }
        """,
    "src/UserDto.java": """
        public class UserDto {
            private long id;
            @JsonIgnore private String password;
            private String email;
        }
        """,
}
ASPNET = {
    "UsersController.cs": """
        [ApiController]
        [Route("api/[controller]")]
        public class UsersController : ControllerBase {
            [HttpGet("{id}")]
            public async Task<IActionResult> Get(int id) {
                var user = await context.Users.Include(u => u.Account).FirstAsync();
                return Ok(user);
            }
        }
        """
}
GO = {
    "main.go": """
        package main
        func main() {
            r := gin.Default()
            r.GET("/users/:id", auth(), getUser)
        }
        func getUser(c *gin.Context) {
            user := load(c.Param("id"))
            c.JSON(200, gin.H{"email": user.Email})
        }
        """
}
FASTIFY = {
    "app.js": """
        fastify.route({
          method: 'GET',
          url: '/people/:id',
          handler: async (request, reply) => {
            const person = await load(request.params.id)
            return { email: person.email }
          }
        })
        """
}


@pytest.mark.parametrize(
    ("files", "endpoint", "path", "place"),
    [
        (EXPRESS, "GET /api/users/{id}", "$.email", ("controllers/userController.js", 5)),
        (EXPRESS, "GET /api/users", "$[*].user.email", ("controllers/userController.js", 8)),
        (EXPRESS, "POST /api/users", "$.email", ("routes/users.js", 8)),
        (NEST, "GET /articles/{slug}", "$.author.password", ("src/articles.service.ts", 5)),
        (NEST, "GET /api/articles/{slug}", "$.author.password", ("src/articles.service.ts", 5)),
        (RAILS, "GET /api/users/{id}", "$.email", ("app/controllers/api/users_controller.rb", 5)),
        (RAILS, "GET /api/users/{id}/card", "$.email", ("app/controllers/api/users_controller.rb", 8)),
        (LARAVEL, "GET /api/users", "$[*].email", ("app/Http/Controllers/UserController.php", 4)),
        (LARAVEL, "GET /api/users/{id}", "$.email", ("app/Http/Resources/UserResource.php", 6)),
        (LARAVEL, "GET /api/me/{id}", "$.email", ("app/Http/Controllers/ProfileController.php", 4)),
        (SPRING, "GET /api/users/{id}", "$.email", ("src/UserDto.java", 5)),
        (ASPNET, "GET /api/users/{id}", "$.account.email", ("UsersController.cs", 7)),
        (GO, "GET /users/{id}", "$.email", ("main.go", 9)),
        (FASTIFY, "GET /people/{id}", "$.email", ("app.js", 7)),
    ],
)
def test_the_line_that_lets_the_field_out_comes_first(files, endpoint, path, place):
    chain = traced(files, endpoint, path).chains[0]
    assert (chain.cause.place.file, chain.cause.place.line) == place
    assert chain.ends
    assert chain.confidence <= 0.85


def test_a_hidden_member_of_a_transfer_class_is_no_candidate():
    assert all(c.cause.kind != "schema-field" for c in traced(SPRING, "GET /api/users/{id}", "$.password").chains)


def test_an_endpoint_that_no_route_fits_is_not_traced():
    assert traced(EXPRESS, "GET /api/orders/{id}", "$.email") is None


def test_two_handlers_that_fit_equally_are_not_named():
    files = {
        "a.js": "app.get('/users/:id', (req, res) => res.json({ email: 1 }))\n",
        "b.js": "app.get('/users/:id', (req, res) => res.json({ email: 2 }))\n",
    }
    found = traced(files, "GET /users/{id}", "$.email")
    assert (found.route, found.chains) == (None, ())
    assert "2 routes fit equally" in found.abstained


def test_the_command_traces_them_where_python_has_no_route():
    from stanch.trace.project import Project
    from stanch.trace.run import Tracer

    sources = {name: dedent(text) for name, text in EXPRESS.items()} | {"tool.py": "x = 1\n"}
    found = Tracer.of(Project.read(sources)).trace(finding("GET /api/users/{id}", "$.email"))
    assert found.route.framework == "Express"
    assert found.chains[0].cause.place.line == 5
