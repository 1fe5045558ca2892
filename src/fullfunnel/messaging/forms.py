from django import forms

from fullfunnel.core.pages import Form


class TopicForm(Form):
    name = forms.CharField(label="Name", max_length=100, help_text="As people read it: Monthly note, Webinars.")
    says = forms.CharField(
        label="What one gets", required=False, max_length=300, help_text="One mail a month about rosters."
    )
