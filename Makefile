# demo: the scenario · test: all tests · check: format, lint, types, architecture, docs · lock: pin dependencies anew
.PHONY: bench-console bench-law bench-gateway demo test check lock format bench-scan bench-judge bench-ledger bench-fields bench-endpoints bench-trace

demo:
	@scripts/setup demo
	@.venv/bin/stanch demo $(DEMO_ARGS)

test:
	@scripts/setup dev
	@.venv/bin/pytest -n auto

check:
	@scripts/setup dev
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/python scripts/check-docs
	.venv/bin/stanch trace src/stanch/console --fail-on low --cache .venv
	@scripts/kernel check

format:
	@scripts/setup dev
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix-only .

lock:
	@scripts/setup dev
	.tools/bin/uv pip compile -q --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --all-extras --group dev pyproject.toml -o requirements/dev.txt
	.tools/bin/uv pip compile -q --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --extra examples --extra parquet --extra protobuf --extra ledger --extra gateway --extra trace --extra law --extra console --group build pyproject.toml -o requirements/demo.txt
	echo uv | .tools/bin/uv pip compile -q --universal --generate-hashes --no-header --no-annotate --python-version 3.11 - -o requirements/tools.txt

bench-scan:
	@scripts/setup dev
	.venv/bin/python bench/scan/run.py

bench-judge:
	@scripts/setup dev
	.venv/bin/python bench/judge/run.py $(CORPORA)

bench-gateway:
	@scripts/setup dev
	.venv/bin/python bench/gateway/run.py

bench-ledger:
	@scripts/setup dev
	.venv/bin/python bench/ledger/run.py --peers --kill $(if $(CORPORA),--corpora $(CORPORA))

bench-law:
	@scripts/setup dev
	.venv/bin/python bench/law/run.py


bench-fields:
	@scripts/setup dev
	.venv/bin/python bench/fields/score.py $(CORPORA)
	.venv/bin/python bench/fields/synthetic.py --seed 11

bench-endpoints:
	@scripts/setup dev
	.venv/bin/python bench/endpoints/run.py $(SPECIFICATIONS)
	.venv/bin/python bench/fields/names.py $(SPECIFICATIONS)

bench-console:
	@scripts/setup dev
	.venv/bin/python bench/console/run.py $(ARGS)
bench-trace:
	@scripts/setup dev
	.venv/bin/python bench/trace/run.py $(SOURCES)
