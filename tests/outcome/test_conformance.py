"""Every registered model against the one battery."""

from functools import partial

import pytest

from detente.outcome import registry

from . import conformance

CASES = [(name, options) for name in registry.names() for options in [{}, *conformance.SETTINGS.get(name, [])]]


@pytest.mark.parametrize("check", conformance.CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize(("name", "options"), CASES, ids=lambda value: str(value))
def test_model_conforms(name, options, check, request):
    model = registry.get(name)
    if check is (conformance.APART if model.joint else conformance.TOGETHER):
        pytest.skip("issues are settled " + ("together" if model.joint else "one by one"))
    if reason := conformance.KNOWN.get((name, check.__name__)):
        request.applymarker(pytest.mark.xfail(reason=reason, strict=name == "spatial-ktab"))
    check(partial(model.run, **options))
