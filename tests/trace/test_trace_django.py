"""Django, DRF and django-ninja: URL lists, view sets, serializers, model dumps."""

import pytest

MODELS = """
    from django.contrib.auth.models import AbstractUser
    from django.conf import settings
    from django.db import models

    class User(AbstractUser):
        phone = models.CharField(max_length=20)

    class Ticket(models.Model):
        title = models.CharField(max_length=80)
        owner = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="tickets", on_delete=models.CASCADE)
"""
SERIALIZERS = """
    from rest_framework import serializers
    from desk.models import Ticket, User

    class UserSerializer(serializers.ModelSerializer):
        class Meta:
            model = User
            fields = ("id", "username", "phone")

    class WideSerializer(serializers.ModelSerializer):
        class Meta:
            model = User
            fields = "__all__"
            extra_kwargs = {"password": {"write_only": True}}

    class BareSerializer(serializers.ModelSerializer):
        class Meta:
            model = User
            exclude = ["password"]

    class StaffSerializer(UserSerializer):
        class Meta(UserSerializer.Meta):
            fields = UserSerializer.Meta.fields + ("email",)

    class TicketSerializer(serializers.ModelSerializer):
        owner = UserSerializer(read_only=True)
        owner_email = serializers.EmailField(source="owner.email")
        contact = serializers.SerializerMethodField()

        class Meta:
            model = Ticket
            fields = ["id", "title", "owner", "owner_email", "contact"]

        def get_contact(self, ticket):
            return {"call": ticket.owner.phone}

    class DeepSerializer(serializers.ModelSerializer):
        class Meta:
            model = Ticket
            fields = ["id", "owner"]
            depth = 1

    class ShapedSerializer(UserSerializer):
        def to_representation(self, instance):
            data = super().to_representation(instance)
            data["mail"] = instance.email
            data.pop("phone")
            return {"user": data}
"""
VIEWS = """
    from django.core import serializers as dj
    from django.forms.models import model_to_dict
    from django.http import HttpResponse, JsonResponse
    from rest_framework import generics, viewsets
    from rest_framework.decorators import action, api_view
    from rest_framework.response import Response
    from rest_framework.views import APIView
    from desk.models import Ticket, User
    from desk import serializers as s

    class TicketViewSet(viewsets.ModelViewSet):
        queryset = Ticket.objects.all()
        serializer_class = s.TicketSerializer

        def get_serializer_class(self):
            if self.action == "create":
                return s.DeepSerializer
            return self.serializer_class

        @action(detail=True, methods=["get"])
        def people(self, request, pk=None):
            ticket = self.get_object()
            return Response(s.WideSerializer([ticket.owner], many=True).data)

    class UserList(generics.ListAPIView):
        queryset = User.objects.all()
        serializer_class = s.BareSerializer

    class Staff(generics.RetrieveAPIView):
        serializer_class = s.StaffSerializer

        def get(self, request, *args, **kwargs):
            return super().get(request, *args, **kwargs)

    class Shaped(APIView):
        def get(self, request, pk):
            user = User.objects.get(pk=pk)
            serializer = s.ShapedSerializer(user)
            return Response(serializer.data)

    @api_view(["GET"])
    def dumped(request, pk):
        return Response(model_to_dict(User.objects.get(pk=pk), exclude=["password"]))

    def valued(request):
        return JsonResponse({"users": list(User.objects.filter(is_active=True).values())})

    def valued_by_name(request):
        return JsonResponse(list(User.objects.values("id", "email")), safe=False)

    def serialized(request):
        return HttpResponse(dj.serialize("json", User.objects.all()), content_type="application/json")

    def by_hand(request, pk):
        ticket = Ticket.objects.select_related("owner").get(pk=pk)
        data = {"title": ticket.title}
        data["owner"] = {"name": ticket.owner.username, "phone": ticket.owner.phone}
        return JsonResponse(data)

    def of_a_person(request, pk):
        user = User.objects.get(pk=pk)
        return JsonResponse({"tickets": [t.__dict__ for t in user.tickets.all()]})
"""
URLS = """
    from django.urls import include, path, re_path
    from rest_framework.routers import DefaultRouter
    from desk import views
    router = DefaultRouter()
    router.register(r"tickets", views.TicketViewSet, basename="ticket")
    urlpatterns = [
        path("", include(router.urls)),
        path("users/", views.UserList.as_view()),
        path("staff/<int:pk>/", views.Staff.as_view()),
        path("shaped/<int:pk>/", views.Shaped.as_view()),
        re_path(r"^dumped/(?P<pk>[0-9]+)/$", views.dumped),
        path("valued/", views.valued),
        path("named/", views.valued_by_name),
        path("serialized/", views.serialized),
        path("hand/<int:pk>/", views.by_hand),
        path("of/<int:pk>/", views.of_a_person),
    ]
"""
FILES = {
    "backend/desk/__init__.py": "",
    "backend/desk/models.py": MODELS,
    "backend/desk/serializers.py": SERIALIZERS,
    "backend/desk/views.py": VIEWS,
    "backend/desk/urls.py": URLS,
    "backend/site/urls.py": 'from django.urls import include, path\nurlpatterns = [path("api/", include("desk.urls"))]\n',
}


@pytest.mark.parametrize(
    ("endpoint", "path", "symbol"),
    [
        ("GET /api/tickets/", "$.results[*].owner.phone", "UserSerializer.Meta.fields"),
        ("GET /api/tickets/{id}/", "$.owner_email", "TicketSerializer.owner_email"),
        ("PUT /api/tickets/{id}/", "$.contact.call", "TicketSerializer.get_contact"),
        ("GET /api/tickets/{id}/people/", "$[*].email", "WideSerializer.Meta.fields"),
        ("GET /api/users/", "$[*].phone", "BareSerializer.Meta.exclude"),
        ("GET /api/staff/{id}/", "$.email", "StaffSerializer.Meta.fields"),
        ("GET /api/shaped/{id}/", "$.user.mail", "ShapedSerializer.to_representation"),
        ("GET /api/shaped/{id}/", "$.user.username", "UserSerializer.Meta.fields"),
        ("GET /api/dumped/{id}/", "$.phone", "dumped"),
        ("GET /api/valued/", "$.users[*].email", "valued"),
        ("GET /api/named/", "$[*].email", "valued_by_name"),
        ("GET /api/serialized/", "$[*].fields.email", "serialized"),
        ("GET /api/hand/{id}/", "$.owner.phone", "by_hand"),
        ("GET /api/of/{id}/", "$.tickets[*].title", "of_a_person"),
    ],
)
def test_the_cause_is_where_the_field_is_let_out(cause, endpoint, path, symbol):
    assert cause(FILES, endpoint, path) == symbol


@pytest.mark.parametrize(
    ("endpoint", "path"),
    [
        ("GET /api/tickets/{id}/people/", "$[*].password"),
        ("GET /api/users/", "$[*].password"),
        ("GET /api/shaped/{id}/", "$.user.phone"),
        ("GET /api/dumped/{id}/", "$.password"),
        ("GET /api/named/", "$[*].phone"),
    ],
)
def test_what_is_withheld_is_traced_to_nothing(follow, endpoint, path):
    assert not follow(FILES, endpoint, path).chains


def test_depth_lets_out_the_whole_related_object(follow):
    chain = follow(FILES, "POST /api/tickets/", "$.owner.email").chains[0]
    assert chain.cause.place.symbol == "DeepSerializer.Meta.depth"


def test_ninja_routers_and_schemas_are_read(cause):
    files = {
        "site/urls.py": """
            from django.urls import path
            from site.api import api
            urlpatterns = [path("v1/", api.urls)]
            """,
        "site/api.py": """
            from ninja import NinjaAPI
            from people.api import router
            api = NinjaAPI()
            api.add_router("/people/", router)
            """,
        "people/models.py": MODELS,
        "people/api.py": """
            from ninja import ModelSchema, Router, Schema
            from people.models import User
            router = Router()

            class PersonOut(Schema):
                name: str
                phone: str

            class Whole(ModelSchema):
                class Meta:
                    model = User
                    fields = "__all__"

            @router.get("/{int:person_id}", response=PersonOut)
            def one(request, person_id: int):
                return User.objects.get(id=person_id)

            @router.get("/", response={200: list[Whole], 404: None})
            def everyone(request):
                return User.objects.all()
            """,
    }
    assert cause(files, "GET /v1/people/{id}", "$.phone") == "PersonOut.phone"
    assert cause(files, "GET /v1/people/", "$[*].email") == "Whole.Meta.fields"
